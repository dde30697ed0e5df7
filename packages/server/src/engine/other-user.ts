/** Another user than the server's, whom jobs of an engine run as. */
export interface OtherUser {
  /**
   * What keeps the user from a file or directory of this machine, as sentences for the operator.
   *
   * @param what the path is, such as `the attempts' directory`
   */
  obstaclesTo(path: string, what: string): string[];
}

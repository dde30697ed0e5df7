import { Gauge, type Registry } from 'prom-client';
import type { JobLog } from '../jobs/job-log.ts';
import type { JobService } from '../jobs/service.ts';

/** Answers a service in the place of the given one, which counts who follows a log, whichever API they use. */
export function createFollowerCount(registry: Registry): (service: JobService) => JobService {
  const followers = new Gauge({
    name: 'drover_log_followers',
    help: 'Readers that follow the output of a job as it is written',
    registers: [registry],
  });

  async function* counted<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    followers.inc();
    try {
      yield* pieces;
    } finally {
      followers.dec();
    }
  }

  function countedLog(log: JobLog): JobLog {
    return {
      ...log,
      follow: (start, signal) => counted(log.follow(start, signal)),
      news(options, signal) {
        const news = log.news(options, signal);
        return options.isFollowing ? counted(news) : news;
      },
    };
  }

  return (service) => ({
    ...service,
    log: (id, attempt) => countedLog(service.log(id, attempt)),
  });
}

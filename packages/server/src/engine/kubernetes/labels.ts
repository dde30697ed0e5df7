/** On Jobs and pods: whose they are. */
export const SERVER_LABEL = 'drover.dev/server';
/** On Jobs and pods: what they run. */
export const ATTEMPT_LABEL = 'drover.dev/attempt';

/** Names of the containers of each pod. */
export const DRIVER_CONTAINER = 'driver';
export const COURIER_CONTAINER = 'courier';

/** The volume that both containers share, and where it lies in them. */
export const SHARED_VOLUME = 'drover';
export const SHARED_FOLDER = '/drover';
/** What a driver's container makes in it when Kubernetes begins to end the pod. */
export const ENDING_FILE = 'ending';
/** Where a working directory that the server made lies in the pod. */
export const POD_WORKING_DIRECTORY = `${SHARED_FOLDER}/work`;

/** The first byte of a request to a worker: its place in `Request` of src/protocol.rs. */
export const REQUEST = { scan: 1, write: 11 } as const;

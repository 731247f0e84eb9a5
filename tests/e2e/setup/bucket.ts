import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const PUT = resolve(dirname(fileURLToPath(import.meta.url)), "../../storage/put.py");
/** SeaweedFS, where this machine can have it: it checks signatures, policies and rules of origins as S3 does. */
const WEED = join(dirname(process.env.DBT_PYTHON ?? ""), "weed");
/** SeaweedFS listens at a second port as far above each one that it is given. */
const SECOND_PORT = 10_000;

/** Whether there is a server of buckets on this machine. */
export const hasBuckets = existsSync(WEED);

/** A real S3 server. */
export interface Buckets {
  /** Where it answers. */
  endpoint: string;
  /** Puts an export into a bucket of its own, with options of `tests/storage/put.py`; gives the address of its manifest. */
  put: (folder: string, ...options: string[]) => Promise<string>;
  /** Shares the export of a manifest by `wow share`; gives the link that opens it on a page. */
  share: (manifest: string, page: string) => Promise<string>;
  close: () => Promise<void>;
}

/** Starts the server in a folder of its own. No origin is allowed but by the rules of a bucket. */
export async function startBuckets(): Promise<Buckets> {
  const folder = await mkdtemp(join(tmpdir(), "wow-buckets-"));
  const identity = { name: "tests", credentials: [{ accessKey: "tests", secretKey: "of-tests" }], actions: ["Admin"] };
  await writeFile(join(folder, "s3.json"), JSON.stringify({ identities: [identity] }));
  await mkdir(join(folder, "volumes"));
  const [master, volume, filer, s3] = await freePorts(4);
  const server = spawn(
    WEED,
    [
      "server",
      `-dir=${join(folder, "volumes")}`,
      "-ip=127.0.0.1",
      "-ip.bind=127.0.0.1",
      `-master.port=${master}`,
      "-master.volumeSizeLimitMB=64",
      // It would tell its makers that it runs.
      "-master.telemetry=false",
      `-volume.port=${volume}`,
      "-volume.max=100",
      `-filer.port=${filer}`,
      "-s3",
      `-s3.port=${s3}`,
      `-s3.config=${join(folder, "s3.json")}`,
      // Catalogues at ports that are the same for every server.
      "-s3.port.iceberg=0",
      "-s3.port.lance=0",
      "-s3.allowedOrigins=http://nobody.invalid",
    ],
    { cwd: folder, stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const close = async (): Promise<void> => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${s3}`;
  let buckets = 0;
  const put = async (of: string, ...options: string[]): Promise<string> => {
    const words = [PUT, endpoint, `logs-${buckets++}`, of, ...options];
    return (await run(process.env.DBT_PYTHON!, words)).stdout.trim();
  };
  const share = async (manifest: string, page: string): Promise<string> => {
    const [, bucket, exports] = new URL(manifest).pathname.split("/");
    const credentials = { AWS_ACCESS_KEY_ID: "tests", AWS_SECRET_ACCESS_KEY: "of-tests", AWS_REGION: "us-east-1" };
    const env = { ...process.env, ...credentials, AWS_ENDPOINT_URL: endpoint };
    const words = ["share", `s3://${bucket}/${exports}`, "--page", page];
    return (await run(process.env.WOW!, words, { cwd: folder, env })).stdout.trim();
  };
  for (let attempts = 0; !(await answers(endpoint)); attempts++) {
    if (attempts === 600 || server.exitCode !== null) {
      await close();
      throw new Error("the server of buckets did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { endpoint, put, share, close };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** Ports at which nothing listens, nor at their second ones. */
async function freePorts(count: number): Promise<number[]> {
  const free: number[] = [];
  while (free.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    if ((await isFree(port)) && (await isFree(port + SECOND_PORT)) && !free.includes(port)) free.push(port);
  }
  return free;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

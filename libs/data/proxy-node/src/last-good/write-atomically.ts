import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Nobody but the proxy's own user. */
const MODE = 0o600;

/** Replaces a file so that whoever reads it finds the old content or the new one, whatever ends this process. */
export async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${file}.new`;
  await withFile(fresh, "w", async (handle) => {
    await handle.writeFile(bytes);
    await handle.sync();
  });
  await rename(fresh, file);
  await withFile(dirname(file), "r", (directory) => directory.sync());
}

async function withFile(
  path: string,
  flags: "r" | "w",
  use: (handle: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags, MODE);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

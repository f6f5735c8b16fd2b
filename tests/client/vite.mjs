// The development server of Vite, with the configuration of the manual. Usage: node vite.mjs CONFIG PORT

import { createServer } from "vite";

const [configFile, port] = process.argv.slice(2);
const server = await createServer({ configFile, root: new URL(".", import.meta.url).pathname, logLevel: "warn" });
await server.listen(Number(port));

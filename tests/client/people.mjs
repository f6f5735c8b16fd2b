// A service, and people at its demo page in a real browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PATIENCE_MS = 20_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export class Service {
  constructor(binary, variables) {
    Object.assign(this, { binary, variables });
  }

  /** Starts it on a free port, or on the one it had. */
  async start() {
    const env = { ...process.env, HOST: "127.0.0.1", PORT: this.port ?? "0", ...this.variables };
    this.child = spawn(this.binary, { env, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: this.child.stdout })) {
      this.port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (this.port) break;
    }
    assert.ok(this.port, "the service says its port");
    this.child.stdout.resume();
  }

  async kill() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
}

/** Runs `what` with a service that has these variables. */
export async function withService(binary, variables, what) {
  const service = new Service(binary, variables);
  await service.start();
  try {
    await what(service);
  } finally {
    await service.kill();
  }
}

/** Somebody at a window of her own. */
export class Person {
  /** She opens the demo page. */
  static async at(service, browser, options = {}) {
    const person = new Person();
    person.failures = [];
    person.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    person.page = await person.context.newPage();
    person.page.setDefaultTimeout(PATIENCE_MS);
    person.page.on("pageerror", (error) => person.failures.push(error.message));
    person.page.on("console", (message) => {
      // That a server is down or refuses is said by the browser itself.
      const isItsOwn = /WebSocket|ERR_|Failed to load resource/.test(message.text());
      if (message.type() === "error" && !isItsOwn) person.failures.push(message.text());
    });
    await person.page.goto(`${service.url}/ws/demo`);
    return person;
  }

  /** She opens the demo page, where anyone may say who she is, and connects. */
  static async called(name, service, browser, options) {
    const person = await Person.at(service, browser, options);
    await person.page.getByLabel("Your name").fill(name);
    await person.page.keyboard.press("Enter");
    await person.sees(`Connected as ${name}`);
    return person;
  }

  async sees(text) {
    await this.page.getByText(text, { exact: typeof text === "string" }).filter({ visible: true }).first().waitFor();
  }

  async presses(name) {
    await this.page.getByRole("button", { name }).click();
  }

  async says(text) {
    await this.page.getByLabel("Message", { exact: true }).fill(text);
    await this.page.keyboard.press("Enter");
  }

  async enters(room) {
    await this.page.getByLabel("Room to join").focus();
    await this.page.keyboard.type(room);
    await this.page.keyboard.press("Enter");
    await this.sees(`1 in ${room}`);
  }

  /** The id of what has the focus. */
  focus() {
    return this.page.evaluate(() => document.activeElement.id);
  }

  /** What has the focus after each of so many presses of Tab. */
  async tabs(count) {
    const names = [];
    for (let press = 0; press < count; press += 1) {
      await this.page.keyboard.press("Tab");
      names.push(await this.page.evaluate(() => {
        const { id, labels, ariaLabel, tagName, textContent } = document.activeElement;
        return (labels?.[0]?.textContent || ariaLabel || (tagName === "BUTTON" ? textContent : id)).trim();
      }));
    }
    return names;
  }

  /** The page as it is now can be used by everyone, fits its window, and is kept as a picture. */
  async checks(name, screenshots) {
    if (screenshots) await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(() => axe.run());
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    assert.deepEqual(found, [], name);
    const wide = await this.page.evaluate(() => {
      const isWide = (element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.closest("#rooms, #people");
      return [...document.body.querySelectorAll("*")].filter(isWide).map(({ outerHTML }) => outerHTML);
    });
    assert.deepEqual(wide, [], `${name}: wider than the window`);
  }
}

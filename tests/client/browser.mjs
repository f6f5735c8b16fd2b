// A real browser on the demo page of a running service: what people see and do.
// Usage: node browser.mjs SERVICE [SCREENSHOTS], a binary that has the routes of tests/browser.rs, and a folder.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [binary, screenshots] = process.argv.slice(2);
const PATIENCE_MS = 20_000;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

class Service {
  /** Starts it on a free port, or on the one it had. */
  async start() {
    const env = { ...process.env, HOST: "127.0.0.1", PORT: this.port ?? "0" };
    this.child = spawn(binary, { env, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: this.child.stdout })) {
      this.port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (this.port) break;
    }
    assert.ok(this.port, "the service says its port");
    this.child.stdout.resume();
  }

  async kill() {
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
}

/** Somebody at a window of her own. */
class Person {
  static async at(service, browser, name, options = {}) {
    const person = new Person();
    person.name = name;
    person.failures = [];
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    person.page = await context.newPage();
    person.page.setDefaultTimeout(PATIENCE_MS);
    person.page.on("pageerror", (error) => person.failures.push(error.message));
    person.page.on("console", (message) => {
      // That a server is down is said by the browser itself.
      if (message.type() === "error" && !/WebSocket|ERR_/.test(message.text())) person.failures.push(message.text());
    });
    await person.page.goto(`${service.url}/ws/demo`);
    await person.page.getByLabel("Your name").fill(name);
    await person.page.keyboard.press("Enter");
    await person.sees(`Connected as ${name}`);
    return person;
  }

  async sees(text) {
    await this.page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor();
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

  async shows(name) {
    if (screenshots) await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}

/** What has the focus after each of so many presses of Tab. */
async function tabs(page, count) {
  const names = [];
  for (let press = 0; press < count; press += 1) {
    await page.keyboard.press("Tab");
    names.push(await page.evaluate(() => {
      const { id, labels, ariaLabel, textContent } = document.activeElement;
      return (labels?.[0]?.textContent || ariaLabel || textContent || id).trim();
    }));
  }
  return names;
}

async function talk(ann, bob) {
  await ann.sees("2 in lobby");
  await bob.sees("2 in lobby");
  await ann.says("hello <b>bob</b>");
  await bob.sees("hello <b>bob</b>");
  await bob.says("hello ann");
  await ann.sees("hello ann");
}

async function useTheKeyboard(ann, bob) {
  assert.equal(await ann.page.evaluate(() => document.activeElement.id), "text", "one can type at once");
  assert.deepEqual(await tabs(ann.page, 1), ["Send"]);
  await ann.page.evaluate(() => document.activeElement.blur());
  await ann.page.locator("header").click();
  assert.deepEqual(await tabs(ann.page, 6), ["lobby", "Room to join", "Join", "Messages", "Message", "Send"]);
  await ann.enters("den");
  await bob.says("are you there?");
  await ann.page.getByRole("button", { name: "lobby 1 unread" }).focus();
  await ann.page.keyboard.press("Enter");
  await ann.sees("are you there?");
  await ann.sees("2 in lobby");
}

async function surviveARestart(service, ann, bob) {
  await service.kill();
  await Promise.all([ann, bob].map(({ page }) => page.locator("#state[data-state=waiting]").waitFor()));
  await ann.says("said while the server was down");
  await ann.shows("waiting");
  await service.start();
  await Promise.all([ann, bob].map(({ page }) => page.locator("#state[data-state=open]").waitFor()));
  await bob.sees("2 in lobby");
  await bob.says("we are back");
  await ann.sees("we are back");
}

async function beKicked(service, ann, bob) {
  await fetch(`${service.url}/kick/ann`, { method: "POST" });
  await ann.sees("Closed for good: kicked");
  await bob.sees("ann has gone");
  await ann.shows("kicked");
  await ann.page.waitForTimeout(3_000);
  await ann.sees("Closed for good: kicked");
  await bob.sees("1 in lobby");
  await ann.page.getByRole("button", { name: "Connect again" }).click();
  await bob.sees("2 in lobby");
}

/** Phone and desktop, light and dark: nothing is wider than the window. */
async function fit(service, browser) {
  for (const [width, height] of [[360, 740], [1280, 800]]) {
    for (const colorScheme of ["light", "dark"]) {
      const look = { viewport: { width, height }, colorScheme };
      const eve = await Person.at(service, browser, `eve-${width}-${colorScheme}`, look);
      for (const text of ["A short one.", `A long one: ${"word ".repeat(60)}`, "w".repeat(200)]) await eve.says(text);
      await eve.page.locator("li.own").nth(2).waitFor();
      for (const room of ["kitchen", "garden", "a room with a long name"]) await eve.enters(room);
      for (const name of ["Join", "Leave", "Send"]) {
        const { x, width: wide } = await eve.page.getByRole("button", { name }).boundingBox();
        assert.ok(x >= 0 && x + wide <= width, `${name} is on a screen of ${width}`);
      }
      await eve.page.getByRole("button", { name: "lobby" }).click();
      await eve.shows(`${width}-${colorScheme}`);
      await eve.page.context().close();
    }
  }
}

const service = new Service();
await service.start();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...QUIET] });
try {
  const ann = await Person.at(service, browser, "ann");
  const bob = await Person.at(service, browser, "bob");
  await talk(ann, bob);
  await useTheKeyboard(ann, bob);
  await surviveARestart(service, ann, bob);
  await beKicked(service, ann, bob);
  await fit(service, browser);
  assert.deepEqual([ann.failures, bob.failures], [[], []], "nothing failed in the pages");
  console.log("all held");
} finally {
  await browser.close();
  await service.kill();
}

// A real browser on the demo page of a running service: what people see and do.
// Usage: node browser.mjs SERVICE [SCREENSHOTS], a binary that has the routes of tests/browser.rs, and a folder.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { Person, withService } from "./people.mjs";

const [binary, screenshots] = process.argv.slice(2);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
const TOKEN = "0123456789abcdef";

/** Phone and desktop, light and dark. */
const LOOKS = [[360, 740], [1280, 800]].flatMap(([width, height]) => {
  return ["light", "dark"].map((colorScheme) => ({ viewport: { width, height }, colorScheme }));
});
const nameOf = ({ viewport, colorScheme }) => `${viewport.width}-${colorScheme}`;

async function talk(ann, bob) {
  await ann.sees("2 in lobby");
  await bob.sees("2 in lobby");
  await ann.says("hello <b>bob</b>");
  await bob.sees("hello <b>bob</b>");
  await bob.says("hello ann");
  await ann.sees("hello ann");
}

async function useTheKeyboard(ann, bob) {
  assert.equal(await ann.focus(), "text", "one can type at once");
  assert.deepEqual(await ann.tabs(1), ["Send"]);
  await ann.page.evaluate(() => document.activeElement.blur());
  await ann.page.locator("header").click();
  const all = ["lobby", "Room to join", "Join", "Leave", "people", "Messages", "Message", "Send"];
  assert.deepEqual(await ann.tabs(all.length), all);
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
  await ann.checks("waiting", screenshots);
  await service.start();
  await Promise.all([ann, bob].map(({ page }) => page.locator("#state[data-state=open]").waitFor()));
  await bob.sees("2 in lobby");
  await bob.says("we are back");
  await ann.sees("we are back");
}

async function beKicked(service, ann, bob) {
  await fetch(`${service.url}/kick/ann`, { method: "POST" });
  await ann.sees("The server has sent this client away (kicked).");
  await ann.checks("kicked", screenshots);
  await bob.sees("ann left");
  await ann.page.waitForTimeout(3_000);
  await ann.sees("Not connected");
  await bob.sees("1 in lobby");
  await ann.presses("Connect again");
  await bob.sees("2 in lobby");
  await bob.sees("ann joined");
  assert.equal(await ann.focus(), "text");
}

async function leaveEverything(bob) {
  await bob.presses("Leave");
  await bob.sees("You are in no room. Join one to talk.");
  assert.equal(await bob.focus(), "room", "what can be done next has the focus");
  await bob.checks("no-room", screenshots);
  await bob.enters("quiet");
  await bob.sees(/Nothing was said in quiet yet/);
}

/** What a real browser makes of a URL or a token that can never connect. */
async function neverConnect({ page }) {
  const ends = await page.evaluate(async () => {
    const { Client } = await import("/ws/client.js");
    const impossible = [{ url: "ftp://host/ws" }, { url: "http://" }, { token: () => "se cret" }];
    return Promise.all(impossible.map((options) => {
      const client = new Client(options);
      return new Promise((resolve) => client.onState(({ state, reason }) => resolve([state, reason])));
    }));
  });
  for (const [state, reason] of ends) {
    assert.equal(state, "closed");
    assert.match(reason, /^cannot connect to .+: ./);
    assert.ok(!reason.includes("se cret"), reason);
  }
}

/** In every look, with nothing said and with much. */
async function fit(service, browser) {
  for (const look of LOOKS) {
    const eve = await Person.called(`eve-${nameOf(look)}`, service, browser, look);
    await eve.enters("empty");
    await eve.checks(`${nameOf(look)}-empty`, screenshots);
    await eve.presses("lobby");
    for (const text of ["A short one.", `A long one: ${"word ".repeat(60)}`, "w".repeat(200)]) await eve.says(text);
    await eve.page.locator(".own:not(.waiting)").nth(2).waitFor();
    for (const room of ["kitchen", "garden", "a room with a long name"]) await eve.enters(room);
    await eve.presses("lobby");
    await eve.checks(`${nameOf(look)}-busy`, screenshots);
    await eve.says("x".repeat(4_000));
    await eve.sees(/Not sent: longer than the server's limit of 2000 bytes/);
    await eve.checks(`${nameOf(look)}-failed`, screenshots);
    await eve.context.close();
  }
}

/** A wrong token is told with its reason and what to do, and a right one is all that it takes then. */
async function signIn(service, browser, advice) {
  for (const look of LOOKS) {
    const ann = await Person.at(service, browser, look);
    await ann.checks(`${nameOf(look)}-${advice.name}`, screenshots);
    await ann.page.getByLabel("Your token").fill("wrong");
    await ann.page.keyboard.press("Enter");
    await ann.sees(advice.reason);
    await ann.sees(advice.todo);
    assert.equal(await ann.focus(), "token", "what is wrong can be mended at once");
    await ann.checks(`${nameOf(look)}-${advice.name}-refused`, screenshots);
    await ann.page.getByLabel("Your token").fill(TOKEN);
    await ann.presses("Connect");
    await ann.sees("Connected as ann");
    assert.deepEqual(ann.failures, []);
    await ann.context.close();
  }
}

async function signInByCookie(service, browser) {
  const ann = await Person.at(service, browser);
  await ann.presses("Connect");
  await ann.sees("Not connected: the server refuses this connection.");
  await ann.sees(/^Sign in on this site/);
  await ann.checks("cookie-refused", screenshots);
  await ann.context.addCookies([{ name: "ws_token", value: TOKEN, url: service.url }]);
  await ann.presses("Connect");
  await ann.sees("Connected as ann");
}

/** Without accounts anyone is in, under a name that the server makes; one whose server is gone is told so. */
async function comeAsYouAre(service, browser) {
  const late = await Person.at(service, browser);
  const ann = await Person.at(service, browser, LOOKS[0]);
  assert.equal(await ann.focus(), "connect");
  await ann.presses("Connect");
  await ann.sees(/^Connected as [0-9a-f]{8}…$/);
  await ann.says("hello");
  await ann.checks("anonymous", screenshots);
  await service.kill();
  await late.presses("Connect");
  await late.sees("Not connected: the server cannot be reached.");
  await late.sees("Start it and connect again.");
  await late.checks("unreachable", screenshots);
  await service.start();
  await late.presses("Connect");
  await late.sees(/^Connected as /);
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...QUIET] });
try {
  await withService(binary, { WS_AUTH: "none", WS_MAX_MESSAGE_BYTES: "2000" }, async (service) => {
    const ann = await Person.called("ann", service, browser);
    const bob = await Person.called("bob", service, browser);
    await talk(ann, bob);
    await useTheKeyboard(ann, bob);
    await surviveARestart(service, ann, bob);
    await beKicked(service, ann, bob);
    await leaveEverything(bob);
    await neverConnect(bob);
    await fit(service, browser);
    assert.deepEqual([ann.failures, bob.failures], [[], []], "nothing failed in the pages");
  });
  const tokens = { WS_TOKENS: `ann:${TOKEN}` };
  await withService(binary, { ...tokens, WS_AUTH: "bearer" }, (service) => {
    return signIn(service, browser, { name: "bearer", reason: "Not connected: the server refuses this connection.", todo: /^Use a token that WS_TOKENS/ });
  });
  await withService(binary, { ...tokens, WS_AUTH: "ticket" }, (service) => {
    return signIn(service, browser, { name: "ticket", reason: "Not connected: not authenticated.", todo: /^Use a token that WS_TOKENS/ });
  });
  await withService(binary, { ...tokens, WS_AUTH: "cookie" }, (service) => signInByCookie(service, browser));
  await withService(binary, {}, (service) => comeAsYouAre(service, browser));
  console.log("all held");
} finally {
  await browser.close();
}

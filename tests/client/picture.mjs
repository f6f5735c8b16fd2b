// The picture of the demo page that the README shows: two people talk.
// Usage: node picture.mjs SERVICE PICTURE. Prints what can be read in it, and which page it shows.

import { createHash } from "node:crypto";
import { chromium } from "playwright-core";
import { Person, withService } from "./people.mjs";

const [binary, picture] = process.argv.slice(2);
const LOOK = { viewport: { width: 960, height: 540 }, deviceScaleFactor: 2 };

await withService(binary, { WS_AUTH: "none" }, async (service) => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const ann = await Person.called("ann", service, browser, LOOK);
  await ann.enters("lobby");
  const bob = await Person.called("bob", service, browser, LOOK);
  await bob.page.getByLabel("Room to join").fill("lobby");
  await bob.page.keyboard.press("Enter");
  await ann.sees("bob joined");
  for (const [speaker, listener, text] of [
    [bob, ann, "Is the new dashboard live?"],
    [ann, bob, "Since this morning: open it and look."],
    [bob, ann, "Does it work with two instances?"],
    [ann, bob, "Yes, each message comes once."],
  ]) {
    await speaker.says(text);
    await listener.sees(text);
  }
  await ann.page.locator(".own.waiting").waitFor({ state: "detached" });
  await ann.page.screenshot({ path: picture });
  const text = await ann.page.evaluate(() => document.body.innerText);
  console.log(text.replaceAll(/\n+/g, "\n").replaceAll(/\d\d:\d\d [AP]M/g, "00:00"));
  const page = (await (await fetch(`${service.url}/ws/demo`)).text()).replaceAll(/nonce="\w+"/g, "");
  console.log(`\nthe page: ${createHash("sha256").update(page).digest("hex")}`);
  await browser.close();
});

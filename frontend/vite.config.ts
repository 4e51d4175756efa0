/** Two pages, `index.html` for annotators and `admin.html` for requesters, built into the Python package. */

import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

const pages = ["index.html", "admin.html"];

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: a campaign may be served below any path.
  base: "./",
  build: {
    outDir: "../src/sidelight/collect/static",
    emptyOutDir: true,
    // Everything is a file of its own: the service's content security policy allows no `data:` scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // A file of its own, else the outbox would import the whole app for it.
      output: { codeSplitting: { groups: [{ name: "api", test: /src\/app\/api\.ts$/ }] } },
      input: pages.filter((page) => existsSync(`${import.meta.dirname}/${page}`)),
    },
  },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 20_000,
  },
});

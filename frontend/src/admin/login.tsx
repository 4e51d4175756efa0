/** The door: one password says who you are. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { post } from "./api";
import type { Me } from "./view.gen";

export function Login({ entered }: { entered: (me: Me) => void }): JSX.Element {
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState("");
  const [waiting, setWaiting] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setWaiting(true);
    try {
      entered(await post<Me>("login", { password }));
    } catch (error) {
      setFault((error as Error).message);
    } finally {
      setWaiting(false);
    }
  };
  return (
    <main class="door">
      <h1>sidelight</h1>
      <p class="note">For the people who run this campaign.</p>
      <form onSubmit={submit}>
        <label>
          Password
          <input type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        {fault && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <button class="primary" disabled={waiting}>
          {waiting ? "One moment …" : "Log in"}
        </button>
      </form>
      <p class="note">The password was shown in the terminal when the service first started.</p>
    </main>
  );
}

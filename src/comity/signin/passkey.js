// Hands a passkey's answer to the form it was asked in (W3C Web Authentication, Level 2). A form names what it wants in
// data-passkey ("create" or "get") and brings the options in data-options; its answer goes into the field "credential".
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function read(options) {
  const listed = (found) => (found || []).map((item) => ({ ...item, id: bytes(item.id) }));
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    asked.user = { ...options.user, id: bytes(options.user.id) };
    asked.excludeCredentials = listed(options.excludeCredentials);
  } else {
    asked.allowCredentials = listed(options.allowCredentials);
  }
  return asked;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function answer(event) {
  const form = event.target;
  if (form.elements.credential.value) return;
  event.preventDefault();
  const said = form.querySelector("[role=status]");
  try {
    const publicKey = read(JSON.parse(form.dataset.options).publicKey);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  } catch {
    said.textContent = "No passkey was used. Try again, or choose another way.";
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", answer);
}

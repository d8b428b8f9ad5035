// An identity provider for the tests: npm's oidc-provider, told by address who signs in there and how.
// OIDC_PROVIDER names the package's module; the arguments are the port and the console's redirect address.
import http from "node:http";

const [port, redirect] = process.argv.slice(2);
const { Provider } = await import(process.env.OIDC_PROVIDER);

const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: "comity",
      client_secret: "a secret for the tests of an issuer",
      redirect_uris: [redirect],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub", "acr", "amr", "auth_time"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["a key for the tests"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
http
  .createServer(async (request, response) => {
    const [, place, , subject, way] = request.url.split("/");
    if (place === "interaction" && subject) {
      const result = { login: { accountId: subject, amr: way ? [way] : [] } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else if (place === "interaction") {
      response.end("who?");
    } else {
      answer(request, response);
    }
  })
  .listen(Number(port), "localhost", () => console.log("ready"));

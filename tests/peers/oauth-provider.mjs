// An OpenID provider that nobody here wrote (oidc-provider), on Entra ID's paths. What a person would
// do in a browser on another machine is done by /control. Every secret that goes over the wire is
// noted, so that the test can look for it where it must not be.
// Usage: node oauth-provider.mjs MODULES CERTIFICATE SECRETS-FILE
import { appendFileSync, readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [modules, certificate, secrets] = process.argv.slice(2);
const { default: Provider } =
    await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`).href);
const jwk = createPublicKey(readFileSync(certificate)).export({ format: 'jwk' });
const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const scope = 'https://graph.microsoft.com/.default';
const common = { grant_types: ['refresh_token', 'authorization_code',
                               'urn:ietf:params:oauth:grant-type:device_code'],
                 response_types: ['code'], redirect_uris: ['http://localhost'],
                 application_type: 'native', token_endpoint_auth_method: 'none' };
const provider = new Provider(issuer, {
    clients: [
        { client_id: 'app', ...common },
        { client_id: 'short', ...common },
        { client_id: 'daemon', grant_types: ['client_credentials'], response_types: [],
          redirect_uris: [], token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [{ ...jwk, use: 'sig', alg: 'PS256' }] } },
        { client_id: 'secretive', client_secret: 'CLIENT-SECRET-VALUE-0123456789',
          grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
          token_endpoint_auth_method: 'client_secret_post' },
    ],
    features: { deviceFlow: { enabled: true }, clientCredentials: { enabled: true },
                devInteractions: { enabled: true } },
    scopes: ['openid', 'offline_access', scope],
    routes: { token: '/t/oauth2/v2.0/token', device_authorization: '/t/oauth2/v2.0/devicecode',
              authorization: '/t/oauth2/v2.0/authorize' },
    pkce: { required: () => true, methods: ['S256'] },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: { DeviceCode: (ctx, token, client) => (client.clientId === 'short' ? 2 : 60),
           AccessToken: 1, ClientCredentials: 60, AuthorizationCode: 60, RefreshToken: 600,
           Grant: 600, Interaction: 60, Session: 60, IdToken: 60 },
    cookies: { keys: ['test'] },
});

function note(value) {
    if (typeof value === 'string' && value.length > 7) appendFileSync(secrets, `${value}\n`);
}

// What the person with the code does: approves, or declines.
async function act(ctx) {
    const code = await provider.DeviceCode.findByUserCode(ctx.query.code.replace(/[^A-Z0-9]/gi, ''));
    if (ctx.query.do === 'approve') {
        const grant = new provider.Grant({ accountId: 'anna', clientId: code.clientId });
        grant.addOIDCScope(`offline_access ${scope}`);
        code.accountId = 'anna';
        code.grantId = await grant.save();
        code.scope = `offline_access ${scope}`;
        code.authTime = Math.floor(Date.now() / 1000);
    } else {
        code.error = 'access_denied';
        code.errorDescription = 'declined by the person';
    }
    await code.save();
    ctx.body = 'done\n';
}

let slow = 0;
provider.use(async (ctx, next) => {
    if (ctx.path === '/control') {
        if (ctx.query.do === 'slow') slow = 1;
        await (ctx.query.do === 'slow' ? Promise.resolve(ctx.body = 'done\n') : act(ctx));
        return;
    }
    if (ctx.path.endsWith('/token') && slow > 0) {
        slow -= 1;
        ctx.status = 400;
        ctx.body = { error: 'slow_down' };
        process.stderr.write('slow_down\n');
        return;
    }
    // This one has no page to choose an account on, and wants consent before a lasting sign-in.
    if (ctx.path.endsWith('/authorize')) {
        const query = new URLSearchParams(ctx.querystring);
        query.set('prompt', 'consent');
        ctx.querystring = query.toString();
    }
    await next();
    if (ctx.path.endsWith('/devicecode') && ctx.body.device_code) ctx.body.interval = 1;
    if (/\/(token|devicecode)$/.test(ctx.path) && ctx.body) {
        process.stderr.write(`${ctx.path} ${ctx.status} ${ctx.body.error ?? ''} ` +
                             `${ctx.body.error_description ?? ''}\n`);
        for (const name of ['access_token', 'refresh_token', 'id_token', 'device_code']) {
            note(ctx.body[name]);
        }
        for (const name of ['code', 'code_verifier', 'client_assertion', 'client_secret']) {
            note(ctx.oidc?.params?.[name]);
        }
    }
});
server.on('request', provider.callback());
process.stdout.write(`${issuer}\n`);

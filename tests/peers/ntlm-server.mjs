// A photo behind NTLM over TLS. The handshake, and whether the password is right, is Samba's
// ntlm_auth to say: one process of it for each connection, as the sign-in belongs to a connection.
// Usage: node ntlm-server.mjs KEY CERTIFICATE PICTURE PASSWORD SEEN-FILE   (prints its port)
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';

const [key, certificate, picture, password, seen] = process.argv.slice(2);

function startHelper(socket) {
    const helper = spawn('ntlm_auth', ['--helper-protocol=squid-2.5-ntlmssp', '--domain=NORVANE',
                                       '--username=reader', `--password=${password}`]);
    const lines = createInterface(helper.stdout)[Symbol.asyncIterator]();
    socket.on('close', () => helper.kill());
    return async (line) => {
        helper.stdin.write(`${line}\n`);
        return (await lines.next()).value ?? 'BH gone';
    };
}

async function judge(socket, header) {
    const [scheme, token] = (header ?? '').split(' ');
    if (socket.user) return { status: 200 };
    if (scheme !== 'NTLM' || !token) return { status: 401, challenge: 'NTLM' };
    const isFirst = !socket.ask;
    socket.ask ??= startHelper(socket);
    const [verdict, ...rest] = (await socket.ask(`${isFirst ? 'YR' : 'KK'} ${token}`)).split(' ');
    if (verdict === 'TT') return { status: 401, challenge: `NTLM ${rest[0]}` };
    if (verdict === 'AF') socket.user = rest.join(' ');
    return verdict === 'AF' ? { status: 200 } : { status: 401, challenge: 'NTLM' };
}

const options = { key: readFileSync(key), cert: readFileSync(certificate) };
const server = createServer(options, async (request, response) => {
    const { status, challenge } = await judge(request.socket, request.headers.authorization);
    appendFileSync(seen, `${status}|${request.socket.user ?? '-'}|` +
                         `${request.headers.authorization ?? ''}\n`);
    if (challenge) response.setHeader('WWW-Authenticate', challenge);
    response.setHeader('Content-Type', 'image/jpeg');
    response.writeHead(status);
    response.end(status === 200 ? readFileSync(picture) : '');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

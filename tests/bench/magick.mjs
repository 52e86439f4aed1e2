// What ImageMagick 7 takes for its metrics in WebAssembly, where the system's own has no SSIM. It runs
// slower there than natively; by how much is told by a blur with SSIM's own kernel (11 x 11 cells,
// sigma 1.5), which both have.
// Usage: node magick.mjs MODULES ROUNDS LEFT RIGHT
// Prints the version, SSIM's value, then seconds of one core (the best round): to decode both, for
// SSIM, for NCC, for the kernel.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [modules, rounds, ...paths] = process.argv.slice(2);
const folder = `${modules}/@imagemagick/magick-wasm/dist`;
const { ErrorMetric, ImageMagick, Magick, initializeImageMagick } =
    await import(pathToFileURL(`${folder}/index.js`).href);
await initializeImageMagick(readFileSync(`${folder}/magick.wasm`));
const [left, right] = paths.map((path) => readFileSync(path));

function seconds(work) {
    let best = Infinity;
    for (let i = 0; i < Number(rounds); i++) {
        const before = process.cpuUsage();
        work();
        const used = process.cpuUsage(before);
        best = Math.min(best, (used.user + used.system) / 1e6);
    }
    return best;
}

function withBoth(work) {
    return ImageMagick.read(left, (a) => ImageMagick.read(right, (b) => work(a, b)));
}

// The very first decode also compiles the code.
withBoth(() => null);
const decode = seconds(() => withBoth(() => null));
const [value, ...others] = withBoth((a, b) => [
    a.compare(b, ErrorMetric.StructuralSimilarity),
    seconds(() => a.compare(b, ErrorMetric.StructuralSimilarity)),
    seconds(() => a.compare(b, ErrorMetric.NormalizedCrossCorrelation)),
    seconds(() => a.clone((copy) => copy.gaussianBlur(5, 1.5))),
]);
console.log([Magick.imageMagickVersion.split(' ')[1], value, decode, ...others].join(' '));

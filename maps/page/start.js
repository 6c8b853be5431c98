/* Starts the page: its scripts travel in one compressed block, and the policy names what comes out. */
(async () => {
    const packed = atob(document.getElementById('gm-program').textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const program = document.createElement('script');
    program.textContent = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
    document.head.append(program);
})().catch(() => document.getElementById('gm-old')?.removeAttribute('hidden'));

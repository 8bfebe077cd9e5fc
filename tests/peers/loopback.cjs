// Preloaded into a peer that would listen on every interface: it listens on 127.0.0.1 only.
const net = require('net');
const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...args) {
  const [first] = args;
  if (typeof first === 'number') {
    const ready = args.find((a) => typeof a === 'function');
    return listen.call(this, { port: first, host: '127.0.0.1' }, ready);
  }
  if (first && typeof first === 'object' && first.port !== undefined) {
    args[0] = { ...first, host: '127.0.0.1' };
  }
  return listen.apply(this, args);
};

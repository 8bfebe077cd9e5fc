// telegram-test-api with what it lacks to stand for Telegram: node telegram.cjs <package> <port>
// - dates of the bot's messages in seconds, not milliseconds;
// - tapped buttons carry the chat_instance that is always there;
// - webhooks carry the secret that setWebhook gave, and a refused one does not end the process;
// - an empty getUpdates takes a moment, as long polling does.
const [, , folder, port] = process.argv;
const http = require('http');
const TelegramServer = require(folder);

const format = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const made = format(update);
  if (made.callback_query) made.callback_query.chat_instance = '-3041456';
  return made;
};

class Telegram extends TelegramServer {
  addBotMessage(message, token) {
    const made = super.addBotMessage(message, token);
    return { ...made, date: Math.floor(made.date / 1000) };
  }

  async addUserUpdate(update) {
    const hook = this.webhooks[update.botToken];
    if (!hook) return super.addUserUpdate(update);
    const data = JSON.stringify(TelegramServer.formatUpdate(update));
    this.updateId += 1;
    const headers = { 'content-type': 'application/json' };
    if (hook.secret_token) headers['x-telegram-bot-api-secret-token'] = hook.secret_token;
    return new Promise((done) => {
      const answered = (status) => {
        this.storage.userMessages.push({ ...update, webhookStatus: status });
        done();
      };
      const request = http.request(hook.url, { method: 'POST', headers, agent: false }, (answer) => {
        answer.resume();
        answer.on('end', () => answered(answer.statusCode));
      });
      request.on('error', () => answered(0));
      request.end(data);
    });
  }
}

const server = new Telegram({ host: '127.0.0.1', port: Number(port) });
const routes = server.webServer._router.stack.filter((l) => l.route && /getUpdates$/.test(l.route.path));
const [polling] = routes.filter((l) => l.route.path.startsWith('/bot'));
for (const layer of polling.route.stack) {
  const handle = layer.handle;
  layer.handle = (req, res, next) => {
    const { userMessages } = server.storage;
    const fresh = userMessages.some((u) => u.botToken === req.params.token && !u.isRead);
    setTimeout(() => handle(req, res, next), fresh ? 0 : 100);
  };
}
server.start();

// trusted-prevent-fetch, request, body, answer: like prevent-fetch, with any text.
(kit, properties = "", body = "", ...more) =>
  kit.stopFetch(properties, () => kit.answer(body) || body, more)

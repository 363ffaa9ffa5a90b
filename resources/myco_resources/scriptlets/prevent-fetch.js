// prevent-fetch, request, body, answer: such requests stay here and get an empty answer.
(kit, properties = "", body = "", ...more) =>
  kit.stopFetch(properties, () => kit.answer(body), more)

// prevent-xhr, request, body: such requests stay here and get an empty answer.
(kit, properties = "", body = "") => kit.stopXhr(properties, () => kit.answer(body))

// trusted-prevent-xhr, request, body: like prevent-xhr, with any text.
(kit, properties = "", body = "") => kit.stopXhr(properties, () => kit.answer(body) || body)

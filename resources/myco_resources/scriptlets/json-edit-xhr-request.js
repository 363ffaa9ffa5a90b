// json-edit-xhr-request, path, options: removes places of what such requests send.
(kit, ...words) => kit.editJson.xhrRequest(false, ...words)

// trusted-jsonl-edit-fetch-response, path, options: removes or fills places of each line of such answers.
(kit, ...words) => kit.editJson.fetchResponseLines(true, ...words)

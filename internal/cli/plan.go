package cli

type planCommands struct{}

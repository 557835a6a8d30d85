//go:build race

package app_test

func init() { racing = true }

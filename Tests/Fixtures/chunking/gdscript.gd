class_name Shop
extends Node

signal sold(n)
const LIMIT = 3
var count := 0
enum Color { RED, GREEN }

# Sells.
func sell(n: int) -> int:
	var local = 1
	return n

class Inner:
	func run():
		pass

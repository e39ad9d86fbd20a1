open Printf

(** A book. *)
type book = { title : string; pages : int }

type color = Red | Green of int

exception Closed

module Shelf = struct
  let size = 3
  let add x = x + 1
end

module type Shape = sig
  val area : int -> int
end

let rec sell n = if n = 0 then 0 else sell (n - 1)
and buy n = n

let limit = 10

class counter = object
  method incr = 1
end

external unsafe_get : int -> int = "c_get"

module Shop.Core

open System

/// A book.
type Book = { Title: string; Pages: int }

type Color =
  | Red
  | Green of int

type Counter() =
  member this.Next(x: int) = x + 1

let limit = 3
let sell book n =
  let local = 1
  n + local

module Inner =
  let run () = ()

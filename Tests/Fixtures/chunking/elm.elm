module Shop exposing (sell)

import Html

{-| A book. -}
type alias Book = { title : String }

type Color = Red | Green Int

{-| Sells. -}
sell : Book -> Int
sell book =
    let
        x = 1
    in
    x

limit = 3

{-# LANGUAGE LambdaCase #-}
module Shop.Core (sell) where

import qualified Data.Map as M

-- | A book.
data Book = Book { title :: String } | None
  deriving (Show)

newtype Id = Id Int
type Names = [String]

class Shape a where
  area :: a -> Int
  perimeter :: a -> Int
  perimeter _ = 0

instance Shape Book where
  area _ = 1

-- | Sells it.
sell :: Book -> Int
sell None = 0
sell (Book t) = go t
  where go _ = 1

limit = 3
(<+>) :: Int -> Int -> Int
a <+> b = a + b

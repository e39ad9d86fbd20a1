library(stats)

LIMIT <- 3

#' Sells.
sell <- function(book, n = 1) {
  inner <- function(x) x
  inner(n)
}

buy = function(n) n
setClass("Book", representation(title = "character"))
setMethod("show", "Book", function(object) cat("x"))

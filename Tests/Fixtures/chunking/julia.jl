module Shop

using Base

"A book."
struct Book
    title::String
end

abstract type Shape end
mutable struct Point <: Shape
    x::Int
end

const LIMIT = 3

"Sells."
function sell(b::Book, n=1)
    local x = 1
    return n
end

buy(n) = n + 1
Base.show(io::IO, b::Book) = print(io, b.title)

macro twice(x)
    x
end

end

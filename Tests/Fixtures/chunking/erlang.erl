-module(shop).
-export([sell/2]).
-define(LIMIT, 3).
-record(book, {title, pages}).
-type color() :: red | green.

%% Sells.
-spec sell(any(), integer()) -> integer().
sell(_, 0) -> 0;
sell(B, N) ->
    helper(N).

helper(N) -> N.

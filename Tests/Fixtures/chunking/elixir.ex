defmodule Shop.Store do
  @moduledoc "A store."
  use GenServer

  @limit 3
  defstruct [:name]

  @doc "Sells."
  @spec sell(t, integer) :: integer
  def sell(store, n) when n > 0 do
    helper(n)
  end

  def sell(_store, _), do: 0

  defp helper(n), do: n
  defmacro twice(x), do: x
  defguard is_small(x) when x < 3

  defmodule Inner do
    def run, do: :ok
  end
end

defprotocol Size do
  def size(data)
end

defimpl Size, for: Map do
  def size(m), do: map_size(m)
end

local M = {}

-- Adds two numbers.
local function add(a, b)
  return a + b
end

function M.open(path)
  local x = 1
  return path
end

function M:close()
end

M.flush = function(self) end
local helper = function() end
M.table = {
  run = function() end,
}
LIMIT = 3
return M

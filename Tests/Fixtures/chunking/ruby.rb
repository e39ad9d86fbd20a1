require 'set'

# A shop.
module Shop
  LIMIT = 3

  class Store < Base
    attr_reader :name, :size

    # Makes one.
    def initialize(name)
      @name = name
    end

    def self.open(path)
      new(path)
    end

    class << self
      def default; end
    end

    def ==(other) = true
    alias_method :equal?, :==
  end

  Point = Struct.new(:x, :y)
end

class Shop::Till
  def count!; end
end

def helper(a)
  a
end

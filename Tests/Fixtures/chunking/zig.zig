const std = @import("std");

/// A point.
pub const Point = struct {
    x: f32,
    pub fn init(x: f32) Point {
        return .{ .x = x };
    }
};

const Color = enum { red, green };
pub const limit: usize = 3;
var counter: u32 = 0;

pub fn main() !void {
    const local = 1;
    _ = local;
}

test "adds" {
    try std.testing.expect(true);
}

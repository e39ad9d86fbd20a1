#import <Foundation/Foundation.h>

#define LIMIT 3

@protocol Drawable
- (void)draw;
@end

/// A shop.
@interface Shop : NSObject <Drawable>
@property (nonatomic, copy) NSString *name;
- (instancetype)initWithName:(NSString *)name count:(NSInteger)count;
+ (Shop *)shared;
@end

@implementation Shop
- (instancetype)initWithName:(NSString *)name count:(NSInteger)count {
  self = [super init];
  return self;
}
+ (Shop *)shared { return nil; }
@end

static int helper(int a) { return a; }
typedef NS_ENUM(NSInteger, Color) { ColorRed, ColorGreen };

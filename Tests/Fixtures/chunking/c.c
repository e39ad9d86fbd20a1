/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHOP_H
#define SHOP_H
#include <stdio.h>

#define MAX_BOOKS 10
#define SWAP(a, b) \
	do { int t = a; a = b; b = t; } while (0)

struct later;

/** A book. */
struct book {
	char *title;
	struct { int a; } inner;
};

typedef struct { int x; } point_t, *point_ptr;
typedef struct node { struct node *next; } node;
typedef int (*compare_fn)(const void *, const void *);

enum color { RED, GREEN = 2 };
union value { int i; float f; };

extern int elsewhere;
static int count = 0, *cursor;
const char *names[] = { "a", "b" };

int sell(struct book *b);

static const struct file_operations shop_fops = {
	.open = shop_open,
};

static inline int __init shop_open(struct inode *inode)
{
	struct book local;
	return 0;
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}
EXPORT_SYMBOL(shop_open);

static DEFINE_SPINLOCK(shop_lock);
static int __read_mostly shop_state;
DEFINE_PER_CPU(struct book, current_book);

char *title(const struct book *b) { return b->title; }
int (*pick(int a))(void) { return 0; }

int
old_style(a)
	int a;
{
	return a;
}

#ifdef CONFIG_SHOP
int opened(void) { return 1; }
#else
int closed(void) { return 0; }
#endif
#endif

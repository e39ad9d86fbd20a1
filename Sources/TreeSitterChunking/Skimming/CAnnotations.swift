extension SkimRules {
  /// Words of C code bases, those of kernels above all, that say how something is linked, checked or placed and nothing of what it is.
  /// They are macros, so the grammar does not know them and loses its way: in `static int __init setup(void)` it takes `__init` for
  /// the name. The skimmer leaves them out.
  static let cAnnotations: Set<String> = [
    "__init", "__exit", "__initdata", "__initconst", "__exitdata", "__initdata_or_module", "__init_or_module",
    "__refdata", "__ref",
    "__net_init", "__net_exit", "__net_initdata", "__meminit", "__meminitdata", "__cpuinit", "__devinit", "__devexit",
    "__devinitdata",
    "__init_memblock", "__initdata_memblock", "__paging_init", "__head", "__user", "__iomem", "__percpu", "__rcu",
    "__kernel",
    "__force", "__bitwise", "__nocast", "__private", "__safe", "__must_check", "__always_inline", "__always_unused",
    "__maybe_unused",
    "__used", "__unused", "__weak", "__cold", "__pure", "__hot", "__noreturn", "__noclone", "__deprecated", "__visible",
    "__malloc", "__sched", "__lockfunc", "__kprobes", "__read_mostly", "__ro_after_init", "__latent_entropy",
    "__randomize_layout",
    "__no_randomize_layout", "__packed", "__cacheline_aligned", "__cacheline_aligned_in_smp", "____cacheline_aligned",
    "____cacheline_aligned_in_smp", "__page_aligned_data", "__page_aligned_bss", "__irq_entry", "__softirq_entry",
    "__exception",
    "__no_sanitize_address", "__no_kasan_or_inline", "__no_kcsan", "__nonstring", "__designated_init", "__trace",
    "__cpuidle",
    "__flatten", "__mustcheck", "__THROW", "__nonnull", "__wur", "__printf", "__scanf", "__releases", "__acquires",
    "__must_hold",
    "__aligned", "__section", "__alloc_size", "__assume_aligned", "__counted_by", "__attribute_const__", "__bpf_kfunc",
    "asmlinkage", "notrace", "noinline", "noinline_for_stack", "nokprobe_inline", "noinstr", "__noinstr", "__ksym",
    "__weak_symbol",
  ]
}

using System;

namespace Shop.Core
{
    /// <summary>A shop.</summary>
    [Serializable]
    public class Store<T> : IStore where T : class
    {
        public const int Max = 3;
        private readonly string name;
        public event EventHandler Changed;
        public int Count { get; private set; }
        public Store(string name) { this.name = name; }
        ~Store() {}
        public async Task<int> SellAsync(T item)
        {
            int Local() => 1;
            return Local();
        }
        public static Store<T> operator +(Store<T> a, Store<T> b) => a;
        public T this[int i] => default;
    }

    public interface IStore { int Count { get; } void Open(); }
    public enum Color { Red, Green }
    public struct Point { public int X; }
    public record Person(string Name);
    public delegate void Handler(int a);
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dayu.Models;

/// <summary>
/// A name that a pickle mentions: <c>torch._utils._rebuild_tensor_v2</c>. It stays a name; nothing is imported or run.
/// </summary>
/// <param name="Name">Module and name.</param>
sealed record PickledName(string Name);

/// <summary>A dict, in the order of the file; keys are not made unique.</summary>
sealed class PickledDict : List<(object? Key, object? Value)>;

/// <summary>
/// Reads a Python pickle (protocols 2 to 5) as data: numbers, texts, tuples (arrays), lists, dicts and the few names
/// that make tensors. A pickle is a program, and an unpickler that runs it can be made to do anything; here every name
/// and every instruction that is not needed for tensors is refused. https://docs.python.org/3/library/pickletools.html.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="start">Where the pickle begins.</param>
/// <param name="limit">Where it must have ended.</param>
/// <param name="made">What stands for a persistent id and for a call of a known name: it decides what is known.</param>
sealed class PyTorchPickle(MappedFile file, long start, long limit, PyTorchNames made)
{
    const int LongestName = 256;

    readonly List<object?> stack = [];
    readonly List<int> marks = [];
    readonly Dictionary<uint, object?> memo = [];
    long at = start, op = start;

    /// <summary>The next byte.</summary>
    public long At => at;

    /// <summary>Reads one object.</summary>
    /// <exception cref="InvalidDataException">Damaged; says where.</exception>
    /// <exception cref="NotSupportedException">It asks for something that no tensor needs; says for what.</exception>
    public object? Read()
    {
        while (true)
        {
            op = at;
            switch ((char)Take(1)[0])
            {
                case '\x80': CheckProtocol(Take(1)[0]); break;
                case '\x95': Take(8); break;                          // FRAME: how much follows
                case '.': return Pop();
                case '(': marks.Add(stack.Count); break;
                case 'N': stack.Add(null); break;
                case '\x88': stack.Add(true); break;
                case '\x89': stack.Add(false); break;
                case 'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case 'K': stack.Add((long)Take(1)[0]); break;
                case 'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case '\x8a': stack.Add(Whole(Take(Take(1)[0]))); break;
                case 'G': stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case 'X': stack.Add(Text(U32())); break;
                case '\x8c' or 'U': stack.Add(Text(Take(1)[0])); break;        // U: Python 2's str
                case '\x8d': stack.Add(Text(BinaryPrimitives.ReadInt64LittleEndian(Take(8)))); break;
                case 'T': stack.Add(Text(U32())); break;
                case ')': stack.Add(Array.Empty<object?>()); break;
                case '\x85': stack.Add(PopLast(1)); break;
                case '\x86': stack.Add(PopLast(2)); break;
                case '\x87': stack.Add(PopLast(3)); break;
                case 't': stack.Add(PopToMark()); break;
                case ']': stack.Add(new List<object?>()); break;
                case 'a': Append(PopLast(1)); break;
                case 'e': Append(PopToMark()); break;
                case '}': stack.Add(new PickledDict()); break;
                case 's': SetItems(PopLast(2)); break;
                case 'u': SetItems(PopToMark()); break;
                case 'q': memo[Take(1)[0]] = Peek(); break;
                case 'r': memo[U32()] = Peek(); break;
                case '\x94': memo[(uint)memo.Count] = Peek(); break;
                case 'h': stack.Add(Remembered(Take(1)[0])); break;
                case 'j': stack.Add(Remembered(U32())); break;
                case 'c': stack.Add(Named([Line(), Line()])); break;
                case '\x93': stack.Add(Named(PopLast(2))); break;
                case 'Q': stack.Add(made.Stored(Pop(), op)); break;
                case 'R': stack.Add(Called(PopLast(2))); break;
                case 'b': SetState(); break;
                case var other: throw new NotSupportedException($"{file.Path}, byte {op}: "
                    + $"the pickle's instruction 0x{(int)other:x2} is not needed for tensors and refused; "
                    + "nothing in such a file is run. Save only the model's state_dict");
            }
        }
    }

    InvalidDataException Bad(string what) => file.Bad(op, $"damaged pickle: {what}");

    void CheckProtocol(byte version)
    {
        if (version is < 2 or > 5)
            throw new NotSupportedException($"{file.Path}, byte {op}: a pickle of protocol {version}; 2 to 5 are known");
    }

    ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > limit - at) throw Bad($"{count} bytes are wanted here, {limit - at} are left");
        var bytes = file.Bytes(at, count);
        at += count;
        return bytes;
    }

    uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    string Text(long bytes) => Encoding.UTF8.GetString(Take(bytes));

    static object Whole(ReadOnlySpan<byte> bytes) =>
        new BigInteger(bytes) is var n && n >= long.MinValue && n <= long.MaxValue ? (long)n : n;

    string Line()
    {
        var bytes = file.Bytes(at, Math.Min(LongestName, limit - at));
        var length = bytes.IndexOf((byte)'\n');
        if (length < 0) throw Bad("a name was expected, up to the end of its line");
        at += length + 1;
        return Encoding.UTF8.GetString(bytes[..length]);
    }

    PickledName Named(object?[] parts) => made.Knows($"{parts[0]}.{parts[1]}") ? new($"{parts[0]}.{parts[1]}")
        : throw new NotSupportedException($"{file.Path}, byte {op}: the pickle asks for "
            + $"{MappedFile.Shown($"{parts[0]}.{parts[1]}")}, which no tensor needs; it is refused, "
            + "and nothing in such a file is run. Save only the model's state_dict");

    object? Called(object?[] call) => made.Call(call[0], call[1] as object?[] ?? throw Bad("a tuple of arguments was expected"), op);

    int Floor => marks.Count > 0 ? marks[^1] : 0;

    object? Peek() => stack.Count > Floor ? stack[^1] : throw Bad("nothing is on the stack");

    object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    object?[] PopLast(int count)
    {
        if (stack.Count - Floor < count) throw Bad($"{count} values are wanted from the stack, {stack.Count - Floor} are there");
        object?[] values = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    object?[] PopToMark()
    {
        if (marks.Count == 0) throw Bad("no mark is set");
        var values = PopLast(stack.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return values;
    }

    T Top<T>(string what) where T : class => Peek() as T ?? throw Bad($"{what} was expected on the stack");

    object? Remembered(uint key) => memo.TryGetValue(key, out var value) ? value : throw Bad($"nothing was remembered as {key}");

    void Append(object?[] items) => Top<List<object?>>("a list").AddRange(items);

    void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0) throw Bad("keys and values were expected in pairs");
        var dict = Top<PickledDict>("a dict");
        for (var i = 0; i < items.Length; i += 2) dict.Add((items[i], items[i + 1]));
    }

    /// <summary>Attributes of an object. A state_dict has some that are not needed; nothing else has any.</summary>
    void SetState()
    {
        PopLast(1);
        Top<PickledDict>("a dict");
    }
}

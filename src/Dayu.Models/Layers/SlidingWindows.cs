namespace Dayu.Models;

/// <summary>Which layers of a stack look through a window, where not all do.</summary>
static class SlidingWindows
{
    /// <summary>The window that a configuration names; 0 is none, as in many files.</summary>
    /// <exception cref="InvalidDataException">It is below 0.</exception>
    public static int? Named(int? window) => window switch
    {
        0 => null,
        < 0 => throw new InvalidDataException(
            $"config: sliding_window is {window}; a number of positions was expected, 0 or null for none"),
        _ => window,
    };

    /// <summary>The window of one layer; null: it sees everything before it.</summary>
    /// <param name="layer">Its number, from 0.</param>
    /// <param name="types"><c>layer_types</c>: says it layer by layer; null: <paramref name="first"/> says it.</param>
    /// <param name="window"><c>sliding_window</c>; null: no layer has one.</param>
    /// <param name="first">The first layer that has it (<c>max_window_layers</c>).</param>
    /// <exception cref="InvalidDataException">There is no type for the layer, or one that is not known.</exception>
    public static int? Of(int layer, string[]? types, int? window, int first)
    {
        if (types is null) return layer >= first ? window : null;
        if (layer >= types.Length)
            throw new InvalidDataException($"config: layer_types has {types.Length} entries and none for layer {layer}");
        return types[layer] switch
        {
            "full_attention" => null,
            "sliding_attention" => window ?? throw new InvalidDataException(
                $"config: layer {layer} is 'sliding_attention', but there is no sliding_window in use"),
            var other => throw new InvalidDataException(
                $"config: layer_types says '{other}' for layer {layer}; known: full_attention, sliding_attention"),
        };
    }
}

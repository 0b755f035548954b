namespace Dayu.Models;

/// <summary>A model was asked for, and an adapter is there without the one that it adapts.</summary>
/// <param name="folder">The adapter's.</param>
/// <param name="kind">What peft calls it.</param>
/// <param name="of">The model that it says it adapts; null: it does not say.</param>
public sealed class AdapterAloneException(string folder, string kind, string? of) : NotSupportedException(
    $"{folder} holds a PEFT adapter ({MappedFile.Shown(kind)}{(of is null ? "" : $" of the model {MappedFile.Shown(of)}")}), "
    + "not a model; name the model that it was learnt on, and the adapter with it");

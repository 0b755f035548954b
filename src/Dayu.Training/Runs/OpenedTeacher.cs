using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>The model that a recipe names as teacher, in memory; it speaks of the same tokens as its student.</summary>
sealed class OpenedTeacher : IDisposable
{
    readonly Pretrained model;

    /// <summary>Opens it.</summary>
    /// <param name="recipe">Which, and how much it says.</param>
    /// <param name="student">Who learns.</param>
    /// <param name="tokenizer">The student's.</param>
    /// <param name="window">Tokens of a sequence.</param>
    /// <exception cref="RecipeException">It cannot teach this student; the message says why.</exception>
    public OpenedTeacher(TeacherRecipe recipe, LoadedModel student, Tokenizer tokenizer, int window)
    {
        model = Pretrained.Open(recipe.Model, student.On);
        try
        {
            if (model.Net.IsRecurrent) throw Refused("is recurrent: its state would have to be carried along; name a transformer");
            if (student.Net is not ICausalLm own || model.Net is not ICausalLm other)
                throw Refused("does not go on with texts, or its student does not");
            var name = student.Checkpoint?.Path ?? "the student";
            if (own.Vocabulary != other.Vocabulary)
                throw Refused($"predicts {other.Vocabulary} tokens, {name} {own.Vocabulary}; both must know the same");
            if (Other(tokenizer, model.Tokenizer) is { } token)
                throw Refused($"has another tokenizer than {name}: token {token} is {Text(model.Tokenizer, token)} to it, "
                    + $"{Text(tokenizer, token)} to its student");
            if (model.Context < window) throw Refused($"takes at most {model.Context} tokens, data.window is {window}");
            Teacher = new(other, recipe.Share, recipe.Temperature);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        RecipeException Refused(string why) => new($"teacher.model: {recipe.Model} {why}", RecipeFault.Teacher);
    }

    /// <summary>It, as a trainer takes it.</summary>
    public Teacher Teacher { get; }

    /// <summary>Its weights' file.</summary>
    public Checkpoint Checkpoint => model.Checkpoint!;

    /// <summary>Bytes of its weights.</summary>
    public long Bytes => model.Model.Weights.Values.Sum(w => w.Tensor.Bytes);

    /// <summary>The first token that is not the same; null: all are.</summary>
    static int? Other(Tokenizer one, Tokenizer two)
    {
        for (var id = 0; id < Math.Max(one.VocabularySize, two.VocabularySize); id++)
            if (id >= one.VocabularySize || id >= two.VocabularySize || !one.BytesOf(id).SequenceEqual(two.BytesOf(id))) return id;
        return null;
    }

    static string Text(Tokenizer tokenizer, int id) => id < tokenizer.VocabularySize ? $"'{tokenizer.TokenText(id)}'" : "none";

    /// <summary>Frees it.</summary>
    public void Dispose() => model.Dispose();
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Dayu.Training;

/// <summary>What a recipe may say.</summary>
static class RecipeChecks
{
    /// <summary>The recipe, where it can be followed.</summary>
    /// <exception cref="RecipeException">A value is out of range; the message says which, and what is expected.</exception>
    public static Recipe Checked(this Recipe r, string from)
    {
        Within(r.Data.Window, 1, 1 << 20);
        Within(r.Data.Batch, 1, 1 << 16);
        Within(r.Data.Accumulate, 1, 1 << 16);
        var tokens = (long)r.Data.Window * r.Data.Batch;
        if (tokens > int.MaxValue)
            throw new RecipeException($"{from}: data.window · data.batch is {tokens}, expected at most {int.MaxValue}");
        r.Data.Sources = SourceRecipe.Checked(r.Data.Sources, r.Data.Kind, from);
        if (r.Eval.Lambada?.GetValueKind() is not (null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.String))
            throw new RecipeException($"{from}: eval.lambada is {r.Eval.Lambada.ToJsonString()}, expected true, or the path of passages");
        if (r.Eval.Prompts.Any(p => p is null)) throw new RecipeException($"{from}: eval.prompts has a null; expected texts");
        Within(r.Eval.LambadaPassages ?? 1, 1, int.MaxValue);
        Within(r.Data.Validation, 0, 0.9);
        Within(r.Schedule.Rate, 0, 100);
        Within(r.Schedule.Least, 0, 1);
        Within(r.Schedule.Decay, 1e-6, 1);
        Within(r.Schedule.Steps, 1, long.MaxValue);
        Within(r.Schedule.Warmup ?? 0, 0, r.Schedule.Steps);
        MixtureRecipe.Check(r.Data, r.Schedule.Steps, from);
        Within(r.Optimizer.Beta1, 0, 0.999999f);
        Within(r.Optimizer.Beta2, 0, 0.999999f);
        Within(r.Optimizer.Epsilon, 1e-12f, 1);
        Within(r.Optimizer.Momentum, 0, 0.999999f);
        Within(r.Optimizer.Decay, 0, 1);
        Within(r.Optimizer.Smoothing, 0, 0.999f);
        Within(r.Optimizer.Ema ?? 0, 0, 0.999999f);
        Within(r.Optimizer.Others, 0, 100);
        Within(r.Optimizer.Clip ?? 1, 1e-9, double.MaxValue);
        Within(r.Eval.Every, 1, long.MaxValue);
        Within(r.Eval.Tokens ?? 1, 1, int.MaxValue);
        Within(r.Eval.SampleTokens, 1, 1 << 20);
        Within(r.Save.Every, 1, long.MaxValue);
        Within(r.Save.Keep, 1, int.MaxValue);
        Within(r.Adapter?.Rank ?? 1, 1, 1 << 16);
        Within(r.Adapter?.Alpha ?? 1, 1e-9, 1e9);
        if (r.Adapter is not null) CheckAdapter(r, r.Adapter, from);
        Within(r.Preference?.Beta ?? 1, 1e-6, 1e6);
        OneOf(r.Preference?.Loss ?? "dpo", PreferenceRecipe.Losses);
        Within(r.Teacher?.Share ?? 0, 0, 1);
        Within(r.Teacher?.Temperature ?? 1, 0.01f, 100);
        if (r.Teacher is { Model: "" }) throw new RecipeException($"{from}: teacher.model is empty, expected a model", RecipeFault.Teacher);
        if (r.Teacher is not null && r.IsPreference)
            throw new RecipeException($"{from}: a teacher is said, and the data are preferences, which have a loss of their own; "
                + "leave teacher out", RecipeFault.Teacher);
        OneOf(r.Precision, ["auto", "float32", "bfloat16"]);
        OneOf(r.Optimizer.Name, Optimizers.Names);
        return r;

        void Within<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T>
        {
            if (!(value >= least && value <= most))
                throw new RecipeException($"{from}: {Key(name)} is {value}, expected {least} … {most}");
        }

        void OneOf(string value, string[] known, [CallerArgumentExpression(nameof(value))] string name = "")
        {
            if (!known.Contains(value))
                throw new RecipeException($"{from}: {Key(name)} is '{value}', expected one of {string.Join(", ", known)}");
        }
    }

    static void CheckAdapter(Recipe r, AdapterRecipe adapter, string from)
    {
        if (adapter.Targets.Length == 0 || adapter.Targets.Any(string.IsNullOrEmpty))
            throw new RecipeException($"{from}: adapter.targets names no matrix; expected [\"all-linear\"], or names such as q_proj",
                RecipeFault.Adapter);
        if (r.Start == Recipe.Random)
            throw new RecipeException($"{from}: adapter is said and start is {Recipe.Random}: pairs are put on a model that has learnt; "
                + "name it (start), or leave adapter out", RecipeFault.Adapter);
        if (r.Data.Tokenizer is not null)
            throw new RecipeException($"{from}: adapter and data.tokenizer are said: pairs keep the tokenizer of the model below; "
                + "leave one of them out", RecipeFault.Adapter);
    }

    /// <summary>r.Eval.SampleTokens → eval.sample_tokens</summary>
    static string Key(string name) =>
        string.Join('.', name.Split(' ')[0][2..].Replace("?", "").Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}

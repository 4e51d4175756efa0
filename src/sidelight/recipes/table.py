"""Every recipe and every study by name."""

from dataclasses import dataclass
from types import ModuleType

from sidelight.recipes import (
    cyborg,
    cyborg_faces_as_coded,
    cyborg_faces_as_written,
    digits,
    guidance_methods,
    luab_coco_resnet,
    luab_coco_vit,
    luab_imagenet_deit,
    luab_imagenet_primitive,
    luab_imagenet_resnet,
    teacher_student,
    teacher_student_core,
    teacher_student_in9,
    teacher_student_rise,
    tiny_in9,
    tiny_in9_all,
    tiny_in9_dose,
    tiny_in9_vit,
    when_guidance_helps,
    when_guidance_helps_pretraining,
)
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Recipe, Study
from sidelight.records.errors import unknown_name


@dataclass(frozen=True)
class ListedRecipe:
    """A recipe with what its module says about it: what it reproduces, what to expect, what it costs, the command."""

    recipe: Recipe
    doc: str


@dataclass(frozen=True)
class ListedStudy:
    """A study with what its module says about it."""

    study: Study
    doc: str


def _recipe(module: ModuleType) -> ListedRecipe:
    return ListedRecipe(module.RECIPE, module.__doc__ or "")


def _plain(module: ModuleType) -> ListedRecipe:
    about = f"{module.RECIPE.name} without guidance: labels only, everything else the same."
    return ListedRecipe(plain(module.RECIPE), f"{about}\n\n{module.__doc__}")


def _study(module: ModuleType) -> ListedStudy:
    return ListedStudy(module.STUDY, module.__doc__ or "")


RECIPES: dict[str, ListedRecipe] = {
    "luab_imagenet_resnet": _recipe(luab_imagenet_resnet),
    "luab_imagenet_resnet_plain": _plain(luab_imagenet_resnet),
    "luab_imagenet_deit": _recipe(luab_imagenet_deit),
    "luab_imagenet_deit_plain": _plain(luab_imagenet_deit),
    "luab_imagenet_primitive": _recipe(luab_imagenet_primitive),
    "luab_imagenet_primitive_plain": _plain(luab_imagenet_primitive),
    "luab_coco_resnet": _recipe(luab_coco_resnet),
    "luab_coco_resnet_plain": _plain(luab_coco_resnet),
    "luab_coco_vit": _recipe(luab_coco_vit),
    "luab_coco_vit_plain": _plain(luab_coco_vit),
    "cyborg": _recipe(cyborg),
    "cyborg_plain": _plain(cyborg),
    "tiny_in9": _recipe(tiny_in9),
    "tiny_in9_plain": _plain(tiny_in9),
    "cyborg_faces_as_written": _recipe(cyborg_faces_as_written),
    "cyborg_faces_as_written_plain": _plain(cyborg_faces_as_written),
    "cyborg_faces_as_coded": _recipe(cyborg_faces_as_coded),
    "teacher_student": _recipe(teacher_student),
    "teacher_student_plain": _plain(teacher_student),
    "when_guidance_helps": _recipe(when_guidance_helps),
    "when_guidance_helps_plain": _plain(when_guidance_helps),
    "when_guidance_helps_pretraining": _recipe(when_guidance_helps_pretraining),
    "guidance_methods": _recipe(guidance_methods),
    "digits": _recipe(digits),
    "digits_plain": _plain(digits),
}

STUDIES: dict[str, ListedStudy] = {
    "tiny-in9": _study(tiny_in9),
    "tiny-in9-all": _study(tiny_in9_all),
    "tiny-in9-dose": _study(tiny_in9_dose),
    "tiny-in9-vit": _study(tiny_in9_vit),
    "teacher-student": _study(teacher_student),
    "teacher-student-core": _study(teacher_student_core),
    "teacher-student-rise": _study(teacher_student_rise),
    "teacher-student-in9": _study(teacher_student_in9),
    "when-guidance-helps": _study(when_guidance_helps),
    "guidance-methods": _study(guidance_methods),
    "digits": _study(digits),
}


def recipe_named(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        UserFault: if there is none; it names the closest.
    """
    if name not in RECIPES:
        raise unknown_name("recipe", name, RECIPES)
    return RECIPES[name].recipe


def study_named(name: str) -> Study:
    """The study of that name.

    Raises:
        UserFault: if there is none; it names the closest.
    """
    if name not in STUDIES:
        raise unknown_name("study", name, STUDIES)
    return STUDIES[name].study

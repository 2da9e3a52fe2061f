"""Labels from tables beside the pictures."""

from pathlib import Path

import pytest

from tests.unit.data.making import index_of, make, meant


@pytest.mark.parametrize(
    "text",
    [
        "file,label\na.png,cat\nb.png,dog\n",
        "Filename;Class\r\na.png;cat\r\nb.png;dog\r\n",
        "path\tcategory\n./a.png\tcat\nb.png\tdog\n",
        "\ufeffimage,target\na.png,cat\nb.png,dog",
        "a.png,cat\nb.png,dog\n",
        "b.png;dog\n\na.png;cat\n",
        "id,label\na,cat\nb,dog\n",
        "label,width,file\ncat,4,a.png\ndog,4,b.png\n",
        "file,class_id,class_name\na.png,0,cat\nb.png,1,dog\n",
        "file,label\n/home/someone/data/a.png,cat\nC:\\data\\b.png,dog\n",
        'file,label\n"a.png"," cat "\nA.PNG,cat\nB.png,dog\n',
    ],
)
def test_tables_of_many_kinds(tmp_path: Path, text: str) -> None:
    make(tmp_path, "a.png", "b.png")
    (tmp_path / "labels.csv").write_bytes(text.encode())
    index = index_of(tmp_path)
    assert meant(index) == {"a.png": ("", "cat"), "b.png": ("", "dog")}
    assert index.notes == ("The classes were read from “labels.csv”.",)
    assert (index.ignored, index.unreadable) == ((), ())


def test_missing_and_unlisted_pictures_are_said(tmp_path: Path) -> None:
    make(tmp_path, "pictures/a.png", "pictures/b.png", "pictures/c.png")
    (tmp_path / "pictures/d.png").touch()
    (tmp_path / "labels.csv").write_text("file,label\na.png,cat\nb.png,dog\nd.png,dog\ngone.png,cat\n")
    index = index_of(tmp_path)
    assert meant(index)["pictures/c.png"] == ("", None)
    assert {item.path: item.reason for item in index.unreadable} == {
        "gone.png": "It is listed in “labels.csv”, but there is no such picture.",
        "pictures/d.png": "The file is empty.",
    }
    assert "1 picture is not listed there and so without a class." in index.notes
    assert "1 file is listed there but not in the folder." in index.notes


def test_a_split_column_and_tables_named_after_splits(tmp_path: Path) -> None:
    make(tmp_path, "one/a.png", "one/b.png", "two/a.png", "two/b.png")
    (tmp_path / "one/all.csv").write_text("file,label,split\na.png,cat,Validation\nb.png,dog,\n")
    (tmp_path / "two/train_labels.csv").write_text("a.png,cat\nb.png,dog\n")
    assert meant(index_of(tmp_path / "one")) == {"a.png": ("val", "cat"), "b.png": ("", "dog")}
    assert meant(index_of(tmp_path / "two")) == {"a.png": ("train", "cat"), "b.png": ("train", "dog")}


def test_a_split_column_without_a_header(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "b.png")
    (tmp_path / "labels.csv").write_text("train,a.png,cat\ntest,b.png,dog\n")
    assert meant(index_of(tmp_path)) == {"a.png": ("train", "cat"), "b.png": ("test", "dog")}


def test_split_folders_without_classes_and_a_table_for_each(tmp_path: Path) -> None:
    make(tmp_path, "train/1.png", "train/2.png", "test/1.png")
    (tmp_path / "train/labels.csv").write_text("file,label\n1.png,cat\n2.png,dog\n")
    (tmp_path / "test.csv").write_text("file,label\ntest/1.png,dog\n")
    assert meant(index_of(tmp_path)) == {
        "train/1.png": ("train", "cat"),
        "train/2.png": ("train", "dog"),
        "test/1.png": ("test", "dog"),
    }


def test_folders_that_only_count_give_way_to_a_table(tmp_path: Path) -> None:
    make(tmp_path, "images_1/a.png", "images_1/b.png", "images_2/c.png")
    (tmp_path / "meta.csv").write_text("image_id,age,dx\na,70,nevus\nb,60,melanoma\nc,50,nevus\n")
    assert [label for _, label in meant(index_of(tmp_path)).values()] == ["nevus", "melanoma", "nevus"]


def test_class_folders_are_believed_more_than_a_table(tmp_path: Path) -> None:
    make(tmp_path, "cat/a.png", "dog/b.png")
    (tmp_path / "labels.csv").write_text("file,label\na.png,1\nb.png,2\n")
    index = index_of(tmp_path)
    assert index.classes == ("cat", "dog")
    assert "“labels.csv” was not used: the folders name the classes." in index.notes
    assert [item.path for item in index.ignored] == ["labels.csv"]


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("results.csv", "path,label,probability\na.png,cat,0.9\nb.png,dog,0.8\n", "holds predictions"),
        ("sample_submission.csv", "id,label\na,cat\nb,cat\n", "holds predictions"),
        ("sizes.csv", "file,width,height\na.png,4,3\nb.png,4,3\n", "has no column called label"),
        ("captions.csv", "file,caption\na.png,A cat.\nb.png,A dog.\n", "has no column called label"),
        ("other.csv", "file,label\nx.png,cat\ny.png,dog\n", ""),
        ("prices.csv", "1;2;3\n4;5;6\n", ""),
        ("empty.csv", "", ""),
        ("one.csv", "file\na.png\nb.png\n", "has no column called label"),
        ("nothing.csv", "file,label\na.png,\nb.png,\n", ""),
    ],
)
def test_tables_that_are_no_labels(tmp_path: Path, name: str, text: str, note: str) -> None:
    make(tmp_path, "a.png", "b.png")
    (tmp_path / name).write_text(text)
    index = index_of(tmp_path)
    assert index.classes == ()
    assert [item.path for item in index.ignored] == [name]
    assert any(note in said for said in index.notes)


def test_a_picture_with_two_classes_has_none(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "b.png", "c.png")
    (tmp_path / "labels.csv").write_text(
        "file,label\na.png,cat\na.png,dog\nb.png,cat\nb.png,cat\nc.png,dog\n"
    )
    index = index_of(tmp_path)
    assert meant(index) == {"a.png": ("", None), "b.png": ("", "cat"), "c.png": ("", "dog")}
    assert "1 picture is listed with more than one class and so left without." in index.notes


def test_the_same_name_in_two_folders_is_told_apart_by_its_path(tmp_path: Path) -> None:
    make(tmp_path, "data/x/1.png", "data/y/1.png")
    (tmp_path / "labels.csv").write_text("file,label\nold/x/1.png,cat\nold/y/1.png,dog\n1.png,cow\n")
    (tmp_path / "data").rename(tmp_path / "images")
    (tmp_path / "images/x").rename(tmp_path / "images/1")
    (tmp_path / "images/y").rename(tmp_path / "images/2")
    (tmp_path / "labels.csv").write_text("file,label\nold/1/1.png,cat\nold/2/1.png,dog\n1.png,cow\n")
    index = index_of(tmp_path)
    assert meant(index) == {"images/1/1.png": ("", "cat"), "images/2/1.png": ("", "dog")}
    assert [item.path for item in index.unreadable] == ["1.png"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    make(tmp_path, "Bär.png", "b.png")
    (tmp_path / "labels.csv").write_bytes("file,label\nBär.png,Bär\nb.png,Kuh\n".encode(encoding))
    assert index_of(tmp_path).classes == ("Bär", "Kuh")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\0" * 300, b'file,label\n"' + b"x" * 200_000, b"\xff\xfea"]
)
def test_broken_tables_do_no_harm(tmp_path: Path, content: bytes) -> None:
    make(tmp_path, "a.png", "b.png")
    (tmp_path / "labels.csv").write_bytes(content)
    assert len(index_of(tmp_path).records) == 2


def test_a_table_that_may_not_be_read(guarded: Path) -> None:
    make(guarded, "a.png")
    (guarded / "labels.csv").write_text("file,label\na.png,cat\n")
    (guarded / "labels.csv").chmod(0)
    assert "“labels.csv” could not be read: Permission denied." in index_of(guarded).notes

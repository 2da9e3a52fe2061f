import torch
from torchvision import datasets, transforms

stats = ((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762))
transform = transforms.Compose([
    transforms.RandomCrop(32, padding=4, padding_mode="reflect"),
    transforms.RandomHorizontalFlip(),
    transforms.Normalize(*stats, inplace=True),
    transforms.ToTensor(),
])
train_data = datasets.CIFAR100("./data", download=True, transform=transform)
loader = torch.utils.data.DataLoader(train_data, batch_size=32, shuffle=True)
images, labels = next(iter(loader))
print(images.shape, labels.shape)

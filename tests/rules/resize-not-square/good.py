import torch
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor()])
train = datasets.ImageFolder("flowers/train", transform=tf)
loader = torch.utils.data.DataLoader(train, batch_size=32, shuffle=True)
small = datasets.CIFAR10("c", transform=transforms.Compose([transforms.Resize(64), transforms.ToTensor()]))
other = torch.utils.data.DataLoader(small, batch_size=32, shuffle=True)
one = torch.utils.data.DataLoader(datasets.ImageFolder("p", transforms.Compose([transforms.Resize(224), transforms.ToTensor()])))
